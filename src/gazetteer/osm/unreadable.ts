/** A map file that cannot be read or must not be used; the message says where and why. */
export class MapUnreadable extends Error {
  override name = 'MapUnreadable'
}
