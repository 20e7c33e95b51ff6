import './console.css'
import { useEffect, useState } from 'preact/hooks'
import { Head } from '../shared/Header.tsx'
import { start } from '../shared/start.ts'
import { Jobs } from './admin/Jobs.tsx'
import { Keys } from './admin/Keys.tsx'
import { Coverage } from './coverage/Coverage.tsx'
import { Files } from './files/Files.tsx'
import { Find } from './household/Find.tsx'
import { HouseholdPage } from './household/HouseholdPage.tsx'
import { Busy } from './parts.tsx'
import { Review } from './review/Review.tsx'
import { Verify } from './review/Verify.tsx'
import { SignIn } from './SignIn.tsx'
import { signedIn, signOut, type Who, whenSignedOut } from './session.ts'
import { text } from './texts.ts'
import { useRoute } from './use.ts'

const OF_STAFF = ['files', 'review', 'verify', 'household', 'coverage'] as const
const OF_ADMIN = ['keys', 'jobs', 'coverage'] as const

function Console() {
  const [who, setWho] = useState<Who | null | undefined>()
  const route = useRoute()
  useEffect(() => {
    whenSignedOut(() => setWho(null))
    void signedIn().then(setWho)
  }, [])
  const places: readonly string[] = who?.role === 'admin' ? OF_ADMIN : OF_STAFF
  const at = places.includes(route[0] ?? '') ? route[0]! : places[0]!
  return (
    <>
      <Head>
        {who ? (
          <nav aria-label={text('console')}>
            {places.map((place) => (
              <a key={place} href={`#/${place}`} aria-current={place === at ? 'page' : undefined}>
                {text(`at_${place}` as 'at_files')}
              </a>
            ))}
          </nav>
        ) : (
          <span class="grow" />
        )}
        {who && (
          <span class="who">
            <span class="soft">{who.key}</span>
            <button type="button" class="quiet" onClick={signOut}>
              {text('signOut')}
            </button>
          </span>
        )}
      </Head>
      <main id="main" tabIndex={-1}>
        {who === undefined && <Busy />}
        {who === null && <SignIn onDone={setWho} />}
        {who && at === 'files' && <Files job={Number(route[1]) || null} />}
        {who && at === 'review' && <Review id={route[1] ?? null} />}
        {who && at === 'verify' && <Verify />}
        {who && at === 'household' && (route[1] ? <HouseholdPage key={route[1]} id={route[1]} /> : <Find />)}
        {who && at === 'coverage' && <Coverage province={route[1] ?? null} />}
        {who && at === 'keys' && <Keys />}
        {who && at === 'jobs' && <Jobs />}
      </main>
    </>
  )
}

start(<Console />, text('page'))
