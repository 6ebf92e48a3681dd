import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TypedDocumentNode } from "urql";

import { type UserError, inWords, saidOf } from "../../parts/formErrors";
import { useKeyed } from "../../parts/keyed";
import type { Asked } from "./documents";

interface Outcome {
  pending: boolean;
  userErrors: readonly UserError[];
}
type Common = "accessRequestId" | "expectedVersion" | "idempotencyKey";

/** Gives commands to a request as the page shows it, each with a key that makes trying again harmless. */
export function useDecision(of: Asked) {
  const { t } = useTranslation();
  const { busy, send } = useKeyed();
  const [problems, setProblems] = useState<readonly string[]>([]);

  /** Whether it was done. */
  const run = async <D extends { outcome: Outcome }, V extends { input: { accessRequestId: string | number } }>(
    document: TypedDocumentNode<D, V>,
    own: Omit<V["input"], Common>,
  ): Promise<boolean> => {
    const input = { ...own, accessRequestId: of.id, expectedVersion: of.version };
    const { data, error } = await send(document, input);
    const outcome = data?.outcome;
    const isStale = outcome?.userErrors.some(({ code }) => code === "STALE_VERSION") ?? false;
    setProblems(
      outcome
        ? isStale
          ? [t("requests.stale")]
          : outcome.userErrors.map(inWords)
        : [saidOf(error) ?? t("errors.unreachable")],
    );
    return outcome?.userErrors.length === 0;
  };
  return { run, busy, problems, forget: () => setProblems([]) };
}

/** One of them. */
export type Decision = ReturnType<typeof useDecision>;
