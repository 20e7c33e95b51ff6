// What a user of the package writes: compiled and run where the package was installed.
import { convert, decode, encode, load, type Understanding, understand } from 'vpostcode'
import { Vpostcode } from 'vpostcode/client'

await load()
const read: Understanding = understand('12 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh')
hold(read.current?.commune?.name, 'Sài Gòn')
hold(read.former?.commune?.name, 'Bến Nghé')
hold(convert('26740')?.current?.commune?.name, 'Sài Gòn')
hold(encode(10.7721, 106.6983)?.vpostcode, '71009QMCXR8V')
hold((await decode('71009QMCXR8V')).status, 'unregistered')
hold(typeof new Vpostcode({ baseUrl: 'http://localhost' }).v1.validate, 'function')

function hold(given: unknown, wanted: unknown): void {
  if (given !== wanted) throw new Error(`${given} instead of ${wanted}`)
}
