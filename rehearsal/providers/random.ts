import type { Properties } from "./properties.ts";
import type { ProviderKind } from "./providerKind.ts";
import type { Context, ResourceType } from "./resourceType.ts";

/**
 * The random provider. Values come from the rehearsal's seed: the same seed gives the same names and passwords.
 * Every change of an input makes a new value, as with the real one.
 */
const randomTypes: ResourceType[] = [
  {
    token: "random:index/randomId:RandomId",
    kind: "behaves",
    required: ["byteLength"],
    rules: { byteLength: { min: 1 } },
    replaceOn: ["*"],
    computed: ["hex", "dec", "b64Std", "b64Url"],
    create: ({ byteLength, prefix = "" }, context) => {
      const hex = randomHex(context, Number(byteLength) * 2);
      const bytes = Buffer.from(hex, "hex");
      const url = bytes.toString("base64url");
      return {
        id: url,
        outputs: {
          hex: `${prefix}${hex}`,
          dec: `${prefix}${BigInt(`0x${hex}`)}`,
          b64Std: `${prefix}${bytes.toString("base64")}`,
          b64Url: `${prefix}${url}`,
        },
      };
    },
  },
  {
    token: "random:index/randomString:RandomString",
    kind: "behaves",
    required: ["length"],
    rules: { length: { min: 1 } },
    defaults: characterDefaults(),
    replaceOn: ["*"],
    computed: ["result"],
    create: (inputs, context) => {
      const result = text(inputs, context);
      return { id: result, outputs: { result } };
    },
  },
  {
    token: "random:index/randomPassword:RandomPassword",
    kind: "behaves",
    required: ["length"],
    rules: { length: { min: 1 } },
    defaults: characterDefaults(),
    replaceOn: ["*"],
    computed: ["result", "bcryptHash"],
    secrets: ["result", "bcryptHash"],
    create: (inputs, context) => ({
      id: "none",
      // Nothing that is rehearsed checks a hash, so it need not be bcrypt's: only secret and as long.
      outputs: { result: text(inputs, context), bcryptHash: `$2a$10$${context.hex(53)}` },
    }),
  },
];

export const randomProvider: ProviderKind = {
  name: "random",
  version: "4.21.2",
  types: randomTypes,
  table: "rehearsal/providers/random.ts",
};

const alphabets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

function characterDefaults(): Properties {
  return { lower: true, upper: true, numeric: true, special: true };
}

function text(inputs: Properties, context: Context): string {
  const { length, overrideSpecial } = inputs;
  const groups: string[] = [];
  if (inputs.lower !== false) groups.push(alphabets.lower);
  if (inputs.upper !== false) groups.push(alphabets.upper);
  if (inputs.numeric !== false) groups.push(alphabets.numeric);
  if (inputs.special !== false) groups.push(String(overrideSpecial ?? alphabets.special));
  const characters = groups.join("");
  if (characters === "") throw new Error("random: at least one kind of character must be allowed");
  // Two bytes a character: the remainder's bias is below a thousandth.
  const bytes = Buffer.from(randomHex(context, Number(length) * 4), "hex");
  return Array.from({ length: Number(length) }, (_, index) =>
    characters.charAt(bytes.readUInt16BE(index * 2) % characters.length),
  ).join("");
}

/** One digest gives 64 digits; longer texts take several. */
function randomHex(context: Context, length: number): string {
  let hex = "";
  while (hex.length < length) hex += context.hex(64);
  return hex.slice(0, length);
}
