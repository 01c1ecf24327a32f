/** What a service has notes for. */
export type NoteKind = "runner" | "hold";

/** Short notes about one service that every runner sees: where they are kept is the cloud's affair. */
export interface Notes {
  /** Where they are kept, in the words of a message. */
  readonly place: string;
  /** What reading and writing them takes, in the words of a message. */
  readonly permissions: string;
  /** @returns undefined where there is no such note. */
  read(kind: NoteKind, signal?: AbortSignal): Promise<string | undefined>;
  write(kind: NoteKind, value: string, signal?: AbortSignal): Promise<void>;
  remove(kind: NoteKind, signal?: AbortSignal): Promise<void>;
}

/** In characters: the limit of a tag's value on AWS, the shortest that there is. */
export const longestNote = 256;

/** What a note takes of a text, by AWS's tags: letters, digits, spaces and `_ . : / = + - @`, and not AWS's own prefix. */
export function asNoteText(text: string, length: number): string {
  const plain = text
    .replaceAll(/[()[\]{}<>"'`]/gu, "")
    .replaceAll(/[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/gu, "_")
    .replace(/^aws:/i, "aws.")
    .trim();
  // AWS counts code points.
  return Array.from(plain).slice(0, length).join("").trim() || "unknown";
}
