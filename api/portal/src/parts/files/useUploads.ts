import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";

import { graphql } from "../../gql";
import { useFileLimits } from "../cases/catalogue";
import { type UserError, inWords, saidOf } from "../formErrors";
import { put } from "./put";
import { readableSize } from "./sizes";

const STAGE = graphql(`
  mutation StageUpload($input: UploadStageInput!) {
    uploadStage(input: $input) {
      upload {
        attachmentId
        url
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

/** A file on its way. */
export interface UploadItem {
  key: number;
  file: File;
  state: "waiting" | "sending" | "ready" | "failed";
  /** How much of it is there, 0 to 100. */
  percent: number;
  error?: string | undefined;
  /** Whether it failed for what it is, so that sending it again changes nothing. */
  isRefused?: boolean;
  attachmentId?: string | undefined;
}

/** Files that are to come with something, and what becomes of each. */
export interface Uploads {
  items: readonly UploadItem[];
  /** Whether some are still on their way, or failed. */
  unfinished: boolean;
  /** What those that are there are attached by. */
  ids: string[];
  add: (files: readonly File[]) => void;
  remove: (key: number) => void;
  retry: (key: number) => void;
  clear: () => void;
}

/** What is said of a file that will be said of it again. */
const FINAL = ["FILE_KIND_NOT_TAKEN", "FILE_INFECTED", "BODY_TOO_LARGE"];

let nextKey = 1;

function begin(file: File): UploadItem {
  return { key: nextKey++, file, state: "waiting", percent: 0 };
}

/**
 * Sends files as they are chosen: each is announced for the account and then put (docs/attachments.md). They wait while no account
 * is known, and are sent again when it becomes another. `there` is how many files the case has already,
 * `left` are files that were chosen before.
 */
export function useUploads(accountId: string | undefined, there = 0, left: readonly File[] = []): Uploads {
  const { t } = useTranslation();
  const client = useClient();
  const limits = useFileLimits();
  const [chosen, setItems] = useState<readonly UploadItem[]>(() => left.map(begin));
  const running = useRef(new Map<number, AbortController>());

  const change = useCallback((key: number, values: Partial<UploadItem>) => {
    setItems((before) => before.map((item) => (item.key === key ? { ...item, ...values } : item)));
  }, []);

  const send = useCallback(
    async (item: UploadItem, account: string) => {
      if (limits && item.file.size > limits.fileSizeLimitBytes) {
        const error = t("files.tooLarge", { limit: readableSize(limits.fileSizeLimitBytes) });
        change(item.key, { state: "failed", error, isRefused: true });
        return;
      }
      running.current.get(item.key)?.abort();
      const stop = new AbortController();
      running.current.set(item.key, stop);
      change(item.key, { state: "sending", percent: 0, error: undefined, attachmentId: undefined });
      const failed = (error: string, isRefused = false) => {
        if (!stop.signal.aborted) change(item.key, { state: "failed", error, isRefused });
      };
      const input = { accountId: account, fileName: item.file.name, sizeBytes: item.file.size };
      const { data, error } = await client.mutation(STAGE, { input }).toPromise();
      if (stop.signal.aborted) return;
      const upload = data?.uploadStage.upload;
      if (!upload) {
        const refusal: UserError | undefined = data?.uploadStage.userErrors[0];
        if (refusal) failed(inWords(refusal), true);
        else failed(saidOf(error) ?? t("errors.unreachable"));
        return;
      }
      const refusal = await put(upload.url, item.file, stop.signal, (percent) => change(item.key, { percent }));
      if (refusal === undefined) change(item.key, { state: "ready", percent: 100, attachmentId: upload.attachmentId });
      else failed(refusal.message === "" ? t("errors.unreachable") : inWords(refusal), FINAL.includes(refusal.code));
    },
    [change, client, limits, t],
  );

  const known = useRef(chosen);
  useEffect(() => {
    known.current = chosen;
  });
  useEffect(() => {
    if (accountId === undefined) return;
    for (const item of known.current) void send(item, accountId);
    // Only another account sends again what was sent.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [accountId]);
  useEffect(() => {
    const all = running.current;
    return () => all.forEach((each) => each.abort());
  }, []);

  const stop = (key: number) => {
    running.current.get(key)?.abort();
    running.current.delete(key);
  };
  // Those that are too many are sent like the others, and are not any more once others are taken out.
  const room = limits ? limits.filesPerCase - there : Infinity;
  const items = chosen.map((item, index): UploadItem => {
    if (index < room || limits == null) return item;
    const error = t("files.tooMany", { count: limits.filesPerCase });
    return { ...item, state: "failed", error, isRefused: true };
  });
  return {
    items,
    unfinished: items.some((item) => item.state !== "ready"),
    ids: items.flatMap((item) => item.attachmentId ?? []),
    add(files) {
      const added = files.map(begin);
      setItems((before) => [...before, ...added]);
      if (accountId !== undefined) for (const item of added) void send(item, accountId);
    },
    remove(key) {
      stop(key);
      setItems((before) => before.filter((item) => item.key !== key));
    },
    retry(key) {
      const item = items.find((each) => each.key === key);
      if (item && accountId !== undefined) void send(item, accountId);
    },
    clear() {
      items.forEach((item) => stop(item.key));
      setItems([]);
    },
  };
}
