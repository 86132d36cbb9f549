import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from 'react'
import { en } from './en'
import { zh } from './zh'

export type Key = keyof typeof zh
export type Language = 'zh' | 'en'
export type Values = Record<string, string | number>

const texts: Record<Language, Record<Key, string>> = { zh, en }
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

export function translator(language: Language) {
  const text = texts[language]
  const t = (key: Key, values?: Values) => fill(text[key], values)
  /** A word of the field, such as a state or an outcome; as it stands where there is no translation. */
  const word = (group: string, value = '') => (text as Record<string, string>)[`${group}.${value}`] ?? value
  return { language, t, word }
}

type Translator = ReturnType<typeof translator> & { choose: (language: Language) => void }

const Context = createContext<Translator>({ ...translator('zh'), choose: () => {} })

export function Languages({ children }: { children: ReactNode }) {
  const [language, choose] = useState(() => chosen(localStorage.getItem(kept), navigator.languages))
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  const value = useMemo(
    () => ({
      ...translator(language),
      choose: (next: Language) => {
        localStorage.setItem(kept, next)
        choose(next)
      },
    }),
    [language],
  )
  return <Context value={value}>{children}</Context>
}

export const useLanguage = () => useContext(Context)
