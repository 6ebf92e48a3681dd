import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormErrors } from "./formErrors";

/**
 * The texts of a form, their errors, and what each input is given. `labels` are what fields are called on the page, by the names that
 * the API has for them; `optional` are those that may stay empty. A field's `id` is `prefix` and its name, so that `ErrorSummary` finds it.
 */
export function useFields<Name extends string>(
  labels: Record<Name, string>,
  { prefix = "", optional = [], initial = {} }: FieldOptions<NoInfer<Name>> = {},
) {
  const { t } = useTranslation();
  const names = Object.keys(labels) as Name[];
  const empty = Object.fromEntries(names.map((name) => [name, ""])) as Record<Name, string>;
  const [values, setValues] = useState<Record<Name, string>>({ ...empty, ...initial });
  const errors = useFormErrors(names, { unreachable: t("errors.unreachable") });
  const set = (name: Name, value: string) => setValues((before) => ({ ...before, [name]: value }));
  const common = (name: Name) => ({
    id: prefix + name,
    name: name as string,
    label: labels[name],
    error: errors.errors.fields[name],
    required: !optional.includes(name),
  });
  return {
    values,
    set,
    errors,
    /** Empties the form, as after it was taken. */
    reset: () => {
      setValues({ ...empty, ...initial });
      errors.clear();
    },
    /** What an input of this name is given. */
    input: (name: Name) => ({
      ...common(name),
      value: values[name],
      onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
    }),
    /** What a choice of this name is given. */
    choice: (name: Name) => ({
      ...common(name),
      value: values[name] || null,
      onChange: (value: string | null) => set(name, value ?? ""),
      allowDeselect: false,
    }),
    /** What `ErrorSummary` is given. */
    summary: { errors: errors.errors, labels, prefix },
    /** Shows which of these fields are empty and may not be; whether none is. */
    complete: (asked: readonly Name[] = names): boolean => {
      const missing = asked.filter((name) => !optional.includes(name) && values[name].trim() === "");
      const found = missing.map((name) => [name, t("errors.required")] as const);
      errors.show(Object.fromEntries(found));
      return missing.length === 0;
    },
  };
}

interface FieldOptions<Name extends string> {
  prefix?: string;
  optional?: readonly Name[];
  initial?: Partial<Record<Name, string>>;
}
