import { useRef, useState } from "react";
import { useClient } from "urql";

import { graphql } from "../../gql";
import type { CaseOpenInput } from "../../gql/graphql";

const OPEN = graphql(`
  mutation OpenCase($input: CaseOpenInput!) {
    caseOpen(input: $input) {
      case {
        id
        number
      }
      caseId
      pending
      userErrors {
        code
        field
        message
      }
    }
  }
`);

const NUMBER = graphql(`
  query CaseNumber($id: ID!) {
    case(id: $id) {
      id
      number
    }
  }
`);

/** Opens cases: the same form sent twice opens one, however often the network failed in between. */
export function useSubmit() {
  const client = useClient();
  const tried = useRef({ what: "", key: "" });
  const [busy, setBusy] = useState(false);

  const submit = async (input: Omit<CaseOpenInput, "idempotencyKey">) => {
    const what = JSON.stringify(input);
    if (tried.current.what !== what) tried.current = { what, key: crypto.randomUUID() };
    setBusy(true);
    try {
      const answer = await client
        .mutation(OPEN, { input: { ...input, idempotencyKey: tried.current.key } })
        .toPromise();
      const opened = answer.data?.caseOpen;
      const number = opened?.case?.number ?? (opened?.caseId && opened.pending ? await find(opened.caseId) : undefined);
      return { error: answer.error, userErrors: opened?.userErrors ?? [], number };
    } finally {
      setBusy(false);
    }
  };
  const find = async (id: string) => {
    for (let turn = 0; turn < 10; turn += 1) {
      const { data } = await client.query(NUMBER, { id }, { requestPolicy: "network-only" }).toPromise();
      if (data?.case) return data.case.number;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return undefined;
  };
  return { submit, busy };
}
