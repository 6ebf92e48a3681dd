import i18next from "i18next";
import { initReactI18next } from "react-i18next";

import en from "../locales/en.json";

/** The languages that the portal speaks, as BCP 47 names. */
export const LANGUAGES = ["en", "es"] as const;

/** One of them. */
export type Language = (typeof LANGUAGES)[number];

const STORED = "casestream.language";

/** The language in use. */
export function language(): Language {
  return i18next.language === "es" ? "es" : "en";
}

/** Speaks a language from now on, in this browser. */
export async function setLanguage(wanted: Language): Promise<void> {
  localStorage.setItem(STORED, wanted);
  await load(wanted);
  await i18next.changeLanguage(wanted);
  document.documentElement.lang = wanted;
}

/** Speaks the language that was chosen in this browser, else that which the browser asks for. */
export async function startLanguages(): Promise<void> {
  const wanted = chosen() ?? navigator.languages.map(spoken).find((found) => found !== undefined) ?? "en";
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await load(wanted);
  await i18next.changeLanguage(wanted);
  document.documentElement.lang = wanted;
}

/** Whether somebody chose a language in this browser. */
export function chosen(): Language | undefined {
  const stored = localStorage.getItem(STORED);
  return stored === null ? undefined : spoken(stored);
}

function spoken(tag: string): Language | undefined {
  return LANGUAGES.find((known) => tag.toLowerCase().split("-")[0] === known);
}

async function load(wanted: Language): Promise<void> {
  if (wanted === "es" && !i18next.hasResourceBundle("es", "translation")) {
    const { default: es } = await import("../locales/es.json");
    i18next.addResourceBundle("es", "translation", es);
  }
}
