import { closeSync, openSync, readSync, statSync } from "node:fs";

/** How the archives begin that ADD unpacks: gzip, bzip2, xz and zstandard. */
const beginnings = ["1f8b", "425a68", "fd377a585a00", "28b52ffd"];
/** Where a tar file says that it is one. */
const tarMark = { offset: 257, text: "ustar" };

/** Whether a file is an archive that ADD would unpack: its content says so, not its name. */
export function isArchive(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  const head = Buffer.alloc(512);
  const handle = openSync(file, "r");
  const length = readSync(handle, head);
  closeSync(handle);
  const read = head.subarray(0, length);
  const mark = read.subarray(tarMark.offset, tarMark.offset + tarMark.text.length).toString();
  return mark === tarMark.text || beginnings.some((hex) => read.toString("hex").startsWith(hex));
}
