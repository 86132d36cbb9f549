import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { Suspense, lazy, useCallback, useEffect, useRef } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { meQuery } from './api/queries'
import { client } from './api/cache'
import type { Me } from './api/types'
import { Languages, useLanguage } from './i18n'
import { Live } from './live/Live'
import { PhoneProvider } from './phone/Phone'
import { EndedDialog } from './session/EndedDialog'
import { MeContext, pagesOf } from './session/me'
import { enter } from './session/store'
import { SignInPage } from './session/SignInPage'
import { Shell } from './shell/Shell'
import { When } from './shell/states'
import { nonce } from './style/nonce'
import { theme } from './style/theme'

const AgentPage = lazy(() => import('./agent/AgentPage'))
const BoardPage = lazy(() => import('./board/BoardPage'))
const CallsPage = lazy(() => import('./calls/CallsPage'))
const CallbacksPage = lazy(() => import('./callbacks/CallbacksPage'))
const LinesPage = lazy(() => import('./lines/LinesPage'))
const CallPage = lazy(() => import('./calls/CallPage'))

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Languages>
        <Themed />
      </Languages>
    </QueryClientProvider>
  )
}

function Themed() {
  const { language } = useLanguage()
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enUS}
      theme={theme}
      csp={{ nonce }}
      componentSize="middle"
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      <Door />
    </ConfigProvider>
  )
}

/** Lets in who is signed in. */
function Door() {
  const me = useQuery(meQuery)
  return (
    <When asked={me}>
      {me.data ? <Inside key={me.data.id} me={me.data} /> : <SignInPage />}
    </When>
  )
}

function Inside({ me }: { me: Me }) {
  useEffect(enter, [])
  const [path, go] = useLocation()
  const at = useRef(path)
  useEffect(() => {
    at.current = path
  }, [path])
  const pages = pagesOf[me.role]
  // Whoever is rung sees who is calling, whatever page they were on.
  const show = useCallback(() => {
    if (me.role === 'agent' && at.current !== '/agent') go('/agent')
  }, [me.role, go])
  const shell = (
    <Shell>
      <Suspense fallback={<When asked={coming}>{null}</When>}>
        <Switch>
          {pages.includes('/agent') && <Route path="/agent" component={AgentPage} />}
          {pages.includes('/board') && <Route path="/board" component={BoardPage} />}
          {pages.includes('/callbacks') && <Route path="/callbacks" component={CallbacksPage} />}
          {pages.includes('/lines') && <Route path="/lines" component={LinesPage} />}
          <Route path="/calls" component={CallsPage} />
          <Route path="/calls/:id">{({ id }) => <CallPage key={id} id={id} />}</Route>
          <Route>
            <Redirect to={pages[0] ?? '/calls'} replace />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
  return (
    <MeContext value={me}>
      <Live person={me.id} onPop={show}>
        {me.role === 'agent' || me.role === 'supervisor' ? <PhoneProvider person={me.id}>{shell}</PhoneProvider> : shell}
        <EndedDialog />
      </Live>
    </MeContext>
  )
}

const coming = { data: undefined, error: null, isPending: true, refetch: () => {} }
