import { useTranslation } from "react-i18next";
import { useMutation } from "urql";

import { graphql } from "../../gql";
import type { CredentialsQuery, PreferencesSetInput } from "../../gql/graphql";
import { useFormErrors } from "../../parts/formErrors";

/** What somebody chose about their mail. */
export type Preferences = CredentialsQuery["viewer"]["preferences"];

const SET = graphql(`
  mutation PreferencesSet($input: PreferencesSetInput!) {
    preferencesSet(input: $input) {
      userErrors {
        code
        field
        message
      }
    }
  }
`);

/** Saves a choice; answers whether it was taken. What is left out stays as it is. */
export function useSavePreferences(onChange: () => void) {
  const { t } = useTranslation();
  const [, set] = useMutation(SET);
  const form = useFormErrors([], { unreachable: t("errors.unreachable") });
  const save = async (input: PreferencesSetInput) => {
    const { data, error } = await set({ input });
    const taken = form.take({ error, userErrors: data?.preferencesSet.userErrors });
    if (taken) onChange();
    return taken;
  };
  return { save, errors: form.errors };
}
