import { Header } from '../shared/Header.tsx'
import { start } from '../shared/start.ts'
import { text } from './texts.ts'

function Lookup() {
  return (
    <>
      <Header current="" />
      <main id="main">
        <h1>{text('title')}</h1>
      </main>
    </>
  )
}

start(<Lookup />, text('page'))
