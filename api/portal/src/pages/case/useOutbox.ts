import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";

import { graphql } from "../../gql";
import { inWords } from "../../parts/formErrors";
import { useDraft } from "../../parts/drafts";

const POST = graphql(`
  mutation PostMessage($input: CasePostMessageInput!) {
    casePostMessage(input: $input) {
      caseId
      pending
      userErrors {
        code
        field
        message
      }
      case {
        ...Shown
      }
    }
  }
`);

const NOTE = graphql(`
  mutation AddNote($input: CaseAddNoteInput!) {
    caseAddNote(input: $input) {
      caseId
      pending
      userErrors {
        code
        field
        message
      }
      case {
        ...Shown
      }
    }
  }
`);

/** A message on its way: kept in this browser until it is there. Its key makes sending it again harmless. */
export interface Outgoing {
  key: string;
  body: string;
  uploads: string[];
  fileNames: string[];
  isNote: boolean;
  at: string;
}

/** The messages of a case that were sent here and are not there yet. */
export function useOutbox(caseId: string, onSent: () => void) {
  const { t } = useTranslation();
  const client = useClient();
  const kept = useDraft<readonly Outgoing[]>(`outbox.${caseId}`, [], (all) => all.length === 0);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [sending, setSending] = useState<readonly string[]>([]);
  const { set } = kept;

  const drop = (key: string) => set((before) => before.filter((each) => each.key !== key));
  const send = async (message: Outgoing) => {
    setSending((before) => [...before, message.key]);
    setProblems((before) => Object.fromEntries(Object.entries(before).filter(([key]) => key !== message.key)));
    const input = { caseId, body: message.body, uploads: message.uploads, idempotencyKey: message.key };
    const answer = message.isNote
      ? await client
          .mutation(NOTE, { input })
          .toPromise()
          .then(({ data, error }) => ({ errors: data?.caseAddNote.userErrors, error }))
      : await client
          .mutation(POST, { input })
          .toPromise()
          .then(({ data, error }) => ({ errors: data?.casePostMessage.userErrors, error }));
    setSending((before) => before.filter((key) => key !== message.key));
    if (answer.errors?.length === 0) {
      drop(message.key);
      onSent();
      return;
    }
    const why =
      (answer.errors?.[0] ? inWords(answer.errors[0]) : undefined) ??
      answer.error?.graphQLErrors[0]?.message ??
      t("errors.unreachable");
    setProblems((before) => ({ ...before, [message.key]: why }));
  };

  // What could not be sent for want of a network goes as soon as there is one.
  const retry = useRef<() => void>(() => undefined);
  useEffect(() => {
    retry.current = () => {
      for (const message of kept.value) if (!sending.includes(message.key)) void send(message);
    };
  });
  useEffect(() => {
    const now = () => retry.current();
    window.addEventListener("online", now);
    if (kept.restored) now();
    return () => window.removeEventListener("online", now);
    // Once when the page opens, and whenever the network is back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return {
    waiting: kept.value.map((message) => ({
      ...message,
      problem: sending.includes(message.key) ? undefined : problems[message.key],
    })),
    post: (message: Omit<Outgoing, "key" | "at">) => {
      const outgoing = { ...message, key: crypto.randomUUID(), at: new Date().toISOString() };
      set((before) => [...before, outgoing]);
      void send(outgoing);
    },
    retry: (key: string) => {
      const message = kept.value.find((each) => each.key === key);
      if (message) void send(message);
    },
    discard: drop,
  };
}
