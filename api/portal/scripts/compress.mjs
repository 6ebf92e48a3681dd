// Puts a brotli and a gzip form beside every built file that gains by it: the server sends what the browser takes.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXTS = new Set([".js", ".css", ".svg", ".json", ".map"]);
const dist = new URL("../dist", import.meta.url).pathname;

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !TEXTS.has(extname(file))) continue;
  const plain = await readFile(file);
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } });
  const forms = { ".br": brotli, ".gz": gzipSync(plain, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(forms)) {
    if (bytes.length < plain.length * 0.9) await writeFile(file + ending, bytes);
  }
}
