import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CombinedError, TypedDocumentNode } from "urql";

import type { OutcomeFragment } from "../../gql/graphql";
import { inWords } from "../../parts/formErrors";
import { useKeyed } from "../../parts/keyed";

/** What every command takes beside its own. */
type Common = "caseId" | "expectedVersion" | "idempotencyKey";

/** A case to be told something; without a version, whatever state it is in. */
interface Target {
  id: string;
  version?: string;
}

/** Why a command was not done: for its form to show. */
export interface Refusal {
  error?: CombinedError | undefined;
  userErrors: OutcomeFragment["userErrors"];
  /** What happened in between, where that was the reason. */
  missed: OutcomeFragment["missedActivity"];
}

/**
 * Gives commands to a case as the page shows it. Where it moved on in between, nothing is done: the page shows what happened, keeps
 * what was typed, and the same again is for the case as it is now.
 */
export function useCommand(of: Target) {
  const { t } = useTranslation();
  const { busy, send } = useKeyed();
  const [refusal, setRefusal] = useState<Refusal>();
  // What the last command answered is newer than the page until that has read the case again.
  const version = useRef(of.version);
  useEffect(() => {
    version.current = of.version;
  }, [of.version]);

  /** What came of it, where it was done or there was nothing to do. */
  const run = async <D extends { outcome: OutcomeFragment }, V extends { input: { caseId: string | number } }>(
    document: TypedDocumentNode<D, V>,
    own: Omit<V["input"], Common>,
  ): Promise<OutcomeFragment | undefined> => {
    const input = { ...own, caseId: of.id, expectedVersion: version.current ?? null };
    const { data, error } = await send(document, input);
    const outcome = data?.outcome;
    if (outcome?.userErrors.length === 0) {
      setRefusal(undefined);
      if (version.current !== undefined && outcome.case?.id === of.id) version.current = outcome.case.version;
      return outcome;
    }
    setRefusal({ error, userErrors: outcome?.userErrors ?? [], missed: outcome?.missedActivity ?? [] });
    return undefined;
  };
  const isStale = refusal?.userErrors.some(({ code }) => code === "STALE_VERSION") ?? false;
  return {
    run,
    busy,
    isStale,
    missed: refusal?.missed ?? [],
    /** In words; nothing while all is well. */
    problem:
      refusal === undefined
        ? undefined
        : isStale
          ? t("case.stale")
          : ((refusal.userErrors[0] ? inWords(refusal.userErrors[0]) : undefined) ??
            refusal.error?.graphQLErrors[0]?.message ??
            t("errors.unreachable")),
    forget: () => setRefusal(undefined),
  };
}

/** One of them. */
export type Command = ReturnType<typeof useCommand>;
