import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CombinedError, TypedDocumentNode } from "urql";

import { useViewer } from "../../app/session";
import type { OutcomeFragment } from "../../gql/graphql";
import { inWords, saidOf } from "../../parts/formErrors";
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
  /** Whether what was asked for holds already, by somebody else. */
  isOthers?: boolean;
}

/**
 * Gives commands to a case as the page shows it. Where it moved on in between, nothing is done: the page shows what happened, keeps
 * what was typed, and the same again is for the case as it is now.
 *
 * For a form that is open for a while, `since` is its opening: what it shows was of then, so that whatever came since counts as in between. With
 * `words`, which somebody wrote, it is not as good as done when a colleague did the same with other words.
 */
export function useCommand(of: Target, since: "now" | "opening" = "now", words?: "with words") {
  const { t } = useTranslation();
  const me = useViewer().person.id;
  const { busy, send } = useKeyed();
  const [refusal, setRefusal] = useState<Refusal>();
  // What the last command answered is newer than the page until that has read the case again.
  const version = useRef(of.version);
  useEffect(() => {
    if (since === "now") version.current = of.version;
  }, [since, of.version]);

  const isStale = refusal?.userErrors.some(isStaleVersion) ?? false;

  /** What came of it, where it was done or there was nothing to do. */
  const run = async <D extends { outcome: OutcomeFragment }, V extends { input: { caseId: string | number } }>(
    document: TypedDocumentNode<D, V>,
    own: Omit<V["input"], Common>,
  ): Promise<OutcomeFragment | undefined> => {
    for (;;) {
      const expectedVersion = version.current ?? null;
      const { data, error } = await send(document, { ...own, caseId: of.id, expectedVersion });
      const outcome = data?.outcome;
      // A refusal tells how far the case is by now: the same again is for that.
      if (version.current !== undefined && outcome?.case?.id === of.id) version.current = outcome.case.version;
      if (outcome?.userErrors.length === 0) {
        // Somebody else did the same: what was said with it here is not recorded, and not gone either.
        const wasTold = isStale || refusal?.isOthers === true;
        const isOthers =
          words !== undefined && wasTold && expectedVersion !== null && outcome.case?.version === expectedVersion;
        setRefusal(isOthers ? { userErrors: [], missed: [], isOthers } : undefined);
        return isOthers ? undefined : outcome;
      }
      const missed = outcome?.missedActivity ?? [];
      // What somebody did themselves is nothing that they have to look at first.
      const isOwn = missed.length > 0 && missed.every(({ actor }) => actor.id === me);
      if (isOwn && outcome?.userErrors.some(isStaleVersion) && version.current !== expectedVersion) continue;
      setRefusal({ error, userErrors: outcome?.userErrors ?? [], missed });
      return undefined;
    }
  };
  return {
    run,
    busy,
    isStale,
    missed: refusal?.missed ?? [],
    /** In words; nothing while all is well. */
    problem:
      refusal === undefined
        ? undefined
        : refusal.isOthers
          ? t("case.othersDid")
          : isStale
            ? t("case.stale")
            : ((refusal.userErrors[0] ? inWords(refusal.userErrors[0]) : undefined) ??
              saidOf(refusal.error) ??
              t("errors.unreachable")),
    /** Why a value was not taken, by the name that the API has for its field. */
    at: (field: string) => {
      const found = refusal?.userErrors.find((each) => each.field === field);
      return found ? inWords(found) : undefined;
    },
    forget: () => setRefusal(undefined),
  };
}

const isStaleVersion = ({ code }: { code: string }) => code === "STALE_VERSION";

/** One of them. */
export type Command = ReturnType<typeof useCommand>;
