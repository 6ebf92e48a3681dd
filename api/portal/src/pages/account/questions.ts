import type { TFunction } from "i18next";

/** A challenge question, as the API names and words it. */
export interface ChallengeQuestion {
  name: string;
  text: string;
}

/** A question in the reader's language, where it is known there. */
export function questionText(t: TFunction, question: ChallengeQuestion): string {
  return t(`questions.${question.name}`, { defaultValue: question.text });
}
