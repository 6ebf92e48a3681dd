import { useTranslation } from "react-i18next";
import { useQuery } from "urql";

import { isSupervisor, useViewer } from "../../../app/session";
import { graphql } from "../../../gql";

const USERS = graphql(`
  query DeskUsers {
    users(filter: { roles: [AGENT, SUPERVISOR], statuses: [ACTIVE] }, first: 100) {
      nodes {
        person {
          id
          name
        }
      }
    }
  }
`);

const OWNERS = graphql(`
  query DeskOwners {
    cases(filter: { statuses: [OPEN, NEW, RESOLVED] }, orderBy: { field: UPDATED, direction: DESC }, first: 100) {
      nodes {
        id
        owner {
          id
          name
        }
      }
    }
  }
`);

/**
 * Who a case can be given to, oneself first. Supervisors are shown who works at the desk; agents, who may not list users, are shown
 * those who own a case at the moment.
 */
export function useColleagues(): { value: string; label: string }[] {
  const { t } = useTranslation();
  const viewer = useViewer();
  const runsDesk = isSupervisor(viewer);
  const [{ data: listed }] = useQuery({ query: USERS, pause: !runsDesk });
  const [{ data: found }] = useQuery({ query: OWNERS, pause: runsDesk });
  const people = [
    ...(listed?.users?.nodes.map(({ person }) => person) ?? []),
    ...(found?.cases.nodes.flatMap(({ owner }) => owner ?? []) ?? []),
  ];
  const others = new Map(people.filter(({ id }) => id !== viewer.person.id).map(({ id, name }) => [id, name ?? id]));
  return [
    { value: viewer.person.id, label: t("desk.me", { name: viewer.person.name ?? "" }) },
    ...[...others].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label)),
  ];
}
