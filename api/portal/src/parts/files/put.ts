import type { UserError } from "../formErrors";

/**
 * Puts the bytes of a file where the API said, and tells how far it has come. Answers nothing when it is there, else why it was refused;
 * no words where no answer came. `fetch` tells nothing of what is sent, so that this is done the older way.
 */
export function put(
  url: string,
  file: File,
  signal: AbortSignal,
  onProgress: (percent: number) => void,
): Promise<UserError | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", new URL(url, location.href).pathname);
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) onProgress(Math.floor((100 * loaded) / total));
    };
    request.onload = () => resolve(request.status < 300 ? undefined : refusalOf(request.responseText));
    request.onerror = () => resolve(NO_ANSWER);
    request.onabort = () => resolve(NO_ANSWER);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

const NO_ANSWER: UserError = { code: "", message: "" };

function refusalOf(body: string): UserError {
  try {
    const { errors } = JSON.parse(body) as { errors?: { message: string; extensions?: { code?: string } }[] };
    const error = errors?.[0];
    return error ? { code: error.extensions?.code ?? "", message: error.message } : NO_ANSWER;
  } catch {
    return NO_ANSWER;
  }
}
