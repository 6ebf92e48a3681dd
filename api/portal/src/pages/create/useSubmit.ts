import { useState } from "react";
import { useClient } from "urql";

import { graphql } from "../../gql";
import type { CaseOpenInput } from "../../gql/graphql";
import { useKeyed } from "../../parts/keyed";

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

/** Opens cases: the same form sent twice opens one, however often the network failed in between, and whatever page it failed on. `form` names it. */
export function useSubmit(form: string) {
  const client = useClient();
  const { busy, send } = useKeyed(`sent.${form}`);
  const [finding, setFinding] = useState(false);

  const submit = async (input: Omit<CaseOpenInput, "idempotencyKey">) => {
    const answer = await send(OPEN, input);
    const opened = answer.data?.caseOpen;
    const number = opened?.case?.number ?? (opened?.caseId && opened.pending ? await find(opened.caseId) : undefined);
    return { error: answer.error, userErrors: opened?.userErrors ?? [], number };
  };
  const find = async (id: string) => {
    setFinding(true);
    try {
      for (let turn = 0; turn < 10; turn += 1) {
        const { data } = await client.query(NUMBER, { id }, { requestPolicy: "network-only" }).toPromise();
        if (data?.case) return data.case.number;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return undefined;
    } finally {
      setFinding(false);
    }
  };
  return { submit, busy: busy || finding };
}
