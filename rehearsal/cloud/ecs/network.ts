import type { Subnet } from "./ports.ts";

/** Hands out the addresses of tasks' network interfaces: in order, and none twice. */
export class AddressBook {
  readonly #next = new Map<string, number>();

  /**
   * @returns the subnet's next free address; AWS keeps a subnet's first four and its last one for itself.
   * @throws Error when the subnet is used up.
   */
  allocate({ id, cidrBlock }: Subnet): string {
    const [base = "", bits = "24"] = cidrBlock.split("/");
    const offset = this.#next.get(id) ?? 4;
    if (offset >= 2 ** (32 - Number(bits)) - 1) {
      throw new Error(`The subnet ${id} (${cidrBlock}) has no free address left.`);
    }
    this.#next.set(id, offset + 1);
    return toText(toNumber(base) + offset);
  }
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
