import { useTranslation } from "react-i18next";
import { type CombinedError, useQuery } from "urql";

import { isDesk, useViewer } from "../../app/session";
import { graphql } from "../../gql";

const PEOPLE = graphql(`
  query DeskPeople {
    desk {
      people {
        id
        name
      }
    }
  }
`);

/** Whom a case can be given to, as choices of a field: oneself first, then who else works at the desk. */
export interface Colleagues {
  people: { value: string; label: string }[];
  /** Why there are no others, if they could not be read. */
  error: CombinedError | undefined;
}

/** Reads who works at the desk now, for whoever works there themselves: for others only they are there. */
export function useColleagues(): Colleagues {
  const { t } = useTranslation();
  const viewer = useViewer();
  const { id: me, name } = viewer.person;
  const [{ data, error }] = useQuery({ query: PEOPLE, pause: !isDesk(viewer) });
  const others = (data?.desk?.people ?? []).filter(({ id }) => id !== me);
  return {
    people: [
      { value: me, label: t("desk.me", { name: name ?? "" }) },
      ...others
        .map((person) => ({ value: person.id, label: person.name ?? person.id }))
        .sort((a, b) => a.label.localeCompare(b.label)),
    ],
    error: data ? undefined : error,
  };
}
