/**
 * Puts the bytes of a file where the API said, and tells how far it has come. Answers nothing when it is there, else why it was refused;
 * empty text where no answer came. `fetch` tells nothing of what is sent, so that this is done the older way.
 */
export function put(
  url: string,
  file: File,
  signal: AbortSignal,
  onProgress: (percent: number) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", new URL(url, location.href).pathname);
    request.upload.onprogress = ({ loaded, total }) => {
      if (total > 0) onProgress(Math.floor((100 * loaded) / total));
    };
    request.onload = () => resolve(request.status < 300 ? undefined : messageOf(request.responseText));
    request.onerror = () => resolve("");
    request.onabort = () => resolve("");
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function messageOf(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: { message: string }[] };
    return errors?.[0]?.message ?? "";
  } catch {
    return "";
  }
}
