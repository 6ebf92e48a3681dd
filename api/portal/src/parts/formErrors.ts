import i18next from "i18next";
import { useState } from "react";
import type { CombinedError } from "urql";

import { language } from "../app/languages";

/** What the API says of an input that it did not take. */
export interface UserError {
  code: string;
  field?: string | null;
  message: string;
}

/** Why a form was not taken: beside fields, and of the whole. */
export interface FormErrors {
  /** By the names that the API has for fields. */
  fields: Record<string, string>;
  /** What is no field's. */
  general: string[];
}

const NONE: FormErrors = { fields: {}, general: [] };

/** What the API says of these is for programs. */
const FOR_PROGRAMS = ["NOT_IN_STATE"];

/** An error in the reader's language. The API speaks English; what it says there mostly says more than a code, so it is kept for English. */
export function inWords({ code, field, message }: UserError): string {
  const key = [`codes.${code}_${field ?? ""}`, `codes.${code}`].find((each) => i18next.exists(each));
  if (key !== undefined && (language() !== "en" || FOR_PROGRAMS.includes(code))) return i18next.t(key);
  return message.charAt(0).toLocaleUpperCase() + message.slice(1);
}

/** What the API said of a whole request, in the reader's language; nothing where no answer came. */
export function saidOf(error: CombinedError | undefined): string | undefined {
  const [said] = error?.graphQLErrors ?? [];
  return said && inWords({ code: String(said.extensions["code"]), message: said.message });
}

/** Sorts what the API said by the fields that a form has. */
export function sorted(errors: readonly UserError[], known: readonly string[]): FormErrors {
  const found: FormErrors = { fields: {}, general: [] };
  for (const error of errors) {
    const { field } = error;
    if (field && known.includes(field)) found.fields[field] ??= inWords(error);
    else found.general.push(inWords(error));
  }
  return found;
}

/** The errors of a form, and what sets them. `known` are the fields that it shows. */
export function useFormErrors(known: readonly string[], words: { unreachable: string }) {
  const [errors, setErrors] = useState<FormErrors>(NONE);
  return {
    errors,
    clear: () => setErrors(NONE),
    /** Shows errors that the form found by itself. */
    show: (fields: Record<string, string>) => setErrors({ fields, general: [] }),
    /** Takes an answer; whether it was taken without an error. */
    take(answer: { error?: CombinedError | undefined; userErrors?: readonly UserError[] | undefined }): boolean {
      if (answer.error) {
        setErrors({ fields: {}, general: [saidOf(answer.error) ?? words.unreachable] });
        return false;
      }
      const found = answer.userErrors ?? [];
      setErrors(sorted(found, known));
      return found.length === 0;
    },
  };
}
