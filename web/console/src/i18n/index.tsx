import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from 'react'
import type { zh } from './zh'

export type Key = keyof typeof zh
export type Language = 'zh' | 'en'
export type Values = Record<string, string | number>

export type Texts = Record<Key, string>

/** The texts come by themselves, so that nobody waits for those of the other language. */
const texts: Record<Language, () => Promise<Texts>> = {
  zh: () => import('./zh').then((m) => m.zh),
  en: () => import('./en').then((m) => m.en),
}
const kept = 'threering.language'

/** The language that was chosen here before, else the first of the browser's that there is. */
export function chosen(stored: string | null, wanted: readonly string[]): Language {
  if (stored === 'zh' || stored === 'en') return stored
  const first = wanted.map((w) => w.slice(0, 2).toLowerCase()).find((w) => w === 'zh' || w === 'en')
  return first === 'zh' ? 'zh' : first === 'en' ? 'en' : 'zh'
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export function translator(language: Language, text: Texts) {
  const t = (key: Key, values?: Values) => fill(text[key], values)
  /** A word of the field, such as a state or an outcome; as it stands where there is no translation. */
  const word = (group: string, value = '') => (text as Record<string, string>)[`${group}.${value}`] ?? value
  return { language, t, word }
}

type Translator = ReturnType<typeof translator> & { choose: (language: Language) => void }

const Context = createContext<Translator | null>(null)

/** Shows its children as soon as there are texts; those of another language take their place when they have come. */
export function Languages({ children }: { children: ReactNode }) {
  const [language, choose] = useState(() => chosen(localStorage.getItem(kept), navigator.languages))
  const [spoken, speak] = useState<ReturnType<typeof translator>>()
  useEffect(() => {
    let wanted = true
    void texts[language]().then((text) => {
      if (!wanted) return
      document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
      speak(translator(language, text))
    })
    return () => {
      wanted = false
    }
  }, [language])
  const value = useMemo(
    () =>
      spoken && {
        ...spoken,
        choose: (next: Language) => {
          localStorage.setItem(kept, next)
          choose(next)
        },
      },
    [spoken],
  )
  return value && <Context value={value}>{children}</Context>
}

export function useLanguage(): Translator {
  const language = useContext(Context)
  if (!language) throw new Error('outside of Languages')
  return language
}
