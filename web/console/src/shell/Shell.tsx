import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { api, ask } from '../api/client'
import { Problem } from '../api/problem'
import { type Key, useLanguage } from '../i18n'
import { leave } from '../session/leave'
import { type Page, pagesOf, useMe } from '../session/me'
import { depart, enter } from '../session/store'
import { HelpButton, Hotkeys } from './Hotkeys'
import { LanguageSwitch } from './LanguageSwitch'
import { LiveBar } from './LiveBar'
import { Wordmark } from './Wordmark'

const titles: Record<Page, Key> = { '/agent': 'nav.agent', '/board': 'nav.board', '/calls': 'nav.calls', '/callbacks': 'nav.callbacks', '/lines': 'nav.lines' }

/** What stands around every page: the center, the pages of the role, who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useLanguage()
  const me = useMe()
  const [path] = useLocation()
  return (
    <Hotkeys>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Wordmark />
        <span className="top-center quiet">{me.center.name}</span>
        <nav aria-label={t('nav.pages')}>
          {pagesOf[me.role].map((page) => (
            <Link key={page} href={page} aria-current={path.startsWith(page) ? 'page' : undefined}>
              {me.role === 'agent' && page === '/calls' ? t('nav.myCalls') : t(titles[page])}
            </Link>
          ))}
        </nav>
        <span className="top-rest" />
        <HelpButton />
        <LanguageSwitch />
        <span className="top-me">
          {me.name} <span className="quiet figures">{me.id}</span>
        </span>
        <SignOut />
      </header>
      <LiveBar />
      <main id="main" className="page">
        {children}
      </main>
    </Hotkeys>
  )
}

function SignOut() {
  const { t } = useLanguage()
  const client = useQueryClient()
  const signOut = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/session')),
    onMutate: depart,
    onSuccess: () => leave(client),
    onError: (why) => (why instanceof Problem && why.status === 401 ? leave(client) : enter()), // 401: it had ended before
  })
  return (
    <Button size="small" onClick={() => signOut.mutate()} loading={signOut.isPending}>
      {t('signout')}
    </Button>
  )
}
