import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TypedDocumentNode, useClient } from "urql";

import { type UserError, inWords } from "../../parts/formErrors";
import type { Asked } from "./documents";

interface Outcome {
  pending: boolean;
  userErrors: readonly UserError[];
}
type Common = "accessRequestId" | "expectedVersion" | "idempotencyKey";

/** Gives commands to a request as the page shows it, each with a key that makes trying again harmless. */
export function useDecision(of: Asked) {
  const { t } = useTranslation();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const tried = useRef({ what: "", key: "" });

  /** Whether it was done. */
  const run = async <D extends { outcome: Outcome }, V extends { input: { accessRequestId: string | number } }>(
    document: TypedDocumentNode<D, V>,
    own: Omit<V["input"], Common>,
  ): Promise<boolean> => {
    const input = { ...own, accessRequestId: of.id, expectedVersion: of.version };
    const what = JSON.stringify(input);
    if (tried.current.what !== what) tried.current = { what, key: crypto.randomUUID() };
    setBusy(true);
    const variables = { input: { ...input, idempotencyKey: tried.current.key } } as unknown as V;
    const { data, error } = await client.mutation<D, V>(document, variables).toPromise();
    setBusy(false);
    const outcome = data?.outcome;
    const isStale = outcome?.userErrors.some(({ code }) => code === "STALE_VERSION") ?? false;
    setProblems(
      outcome
        ? isStale
          ? [t("requests.stale")]
          : outcome.userErrors.map(inWords)
        : [error?.graphQLErrors[0]?.message ?? t("errors.unreachable")],
    );
    return outcome?.userErrors.length === 0;
  };
  return { run, busy, problems, forget: () => setProblems([]) };
}

/** One of them. */
export type Decision = ReturnType<typeof useDecision>;
