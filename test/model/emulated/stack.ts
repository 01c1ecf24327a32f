import type { EcsApi } from "../../../provider/ecs/ecsApi.ts";
import { messageOf } from "../../../provider/messageOf.ts";
import type { PromotionInputs } from "../../../provider/messages.ts";
import { PartlyDone } from "../../../provider/partlyDone.ts";
import type { Operation, PromotionResource } from "../../../provider/promotionResource.ts";
import { type PromotionState, stateIn } from "../../../provider/promotionState.ts";
import { isObject, type Properties, revealAll } from "../../../provider/properties.ts";

/** What the program can't do by itself. */
export interface StackDeps {
  api: EcsApi;
  promotions: PromotionResource;
  /** What runs before a service is updated. */
  beforeUpdate: () => Promise<void>;
  /** Registers the task definition of a release and returns its ARN. */
  register: (release: string) => Promise<string>;
  createService: (taskDefinition: string) => Promise<void>;
  inputsOf: (release: string, taskDefinition: string) => PromotionInputs;
  /** What an operation on a promotion is given. */
  operation: Operation;
}

interface PromotionInState {
  inputs: Properties;
  outputs: Properties;
  /** It has to be tried again, whatever its inputs are. */
  failed: boolean;
}

/** What the settings want: a release, or one that has been recorded. */
export interface Wanted {
  release: string;
  pinned: boolean;
}

const address = { cluster: "main", service: "platform" };

/**
 * What Pulumi and the program do around a promotion, as far as it decides what happens: three resources in a state, in
 * their order, each of them kept as soon as it is done.
 */
export class Stack {
  #definition: { release: string; arn: string } | undefined;
  #service: { taskDefinition: string } | undefined;
  #promotion: PromotionInState | undefined;

  /** What the promotion remembers. */
  get memory(): PromotionState {
    return this.#promotion
      ? stateIn(this.#promotion.outputs)
      : { live: undefined, history: [], drift: [] };
  }

  /** ARN of the task definition that the service was last told to run. */
  get tried(): string {
    return this.#service?.taskDefinition ?? "";
  }

  /**
   * @returns what was changed.
   * @throws what the first resource that failed threw.
   */
  async up(wanted: Wanted, deps: StackDeps): Promise<string[]> {
    const changes: string[] = [];
    if (!wanted.pinned && this.#definition?.release !== wanted.release) {
      changes.push("the task definition");
      const arn = await deps.register(wanted.release);
      this.#definition = { release: wanted.release, arn };
    }
    const taskDefinition = this.#definitionOf(wanted);
    if (this.#service?.taskDefinition !== taskDefinition) {
      changes.push("the service");
      if (this.#service) {
        await deps.beforeUpdate();
        this.#refuseToLeave(taskDefinition);
        await deps.api.updateService({ ...address, taskDefinition, forceNewDeployment: true });
      } else await deps.createService(taskDefinition);
      this.#service = { taskDefinition };
    }
    const inputs = this.#check(deps.inputsOf(wanted.release, taskDefinition), deps);
    const difference = this.#differences(inputs, deps);
    if (difference.length === 0) return changes;
    await this.#promote(inputs, deps);
    return [...changes, ...difference];
  }

  preview(wanted: Wanted, deps: Pick<StackDeps, "promotions" | "inputsOf">): string[] {
    if (!wanted.pinned && this.#definition?.release !== wanted.release) return ["everything"];
    const taskDefinition = this.#definitionOf(wanted);
    const inputs = this.#check(deps.inputsOf(wanted.release, taskDefinition), deps);
    const isSame = this.#service?.taskDefinition === taskDefinition;
    return [...(isSame ? [] : ["the service"]), ...this.#differences(inputs, deps)];
  }

  async refresh({ api, promotions }: Pick<StackDeps, "api" | "promotions">): Promise<void> {
    if (this.#service) {
      const input = { cluster: address.cluster, services: [address.service] };
      const { services } = await api.describeServices(input);
      this.#service = { taskDefinition: services?.[0]?.taskDefinition ?? "" };
    }
    if (!this.#promotion) return;
    const outputs = await promotions.read(this.#promotion.outputs);
    this.#promotion = outputs && { ...this.#promotion, outputs, failed: false };
  }

  /** Nobody would follow a deployment of what the promotion has had all along. */
  #refuseToLeave(taskDefinition: string): void {
    const deployment = this.#promotion && revealAll(this.#promotion.inputs).deployment;
    const { live, drift } = this.memory;
    if (!isObject(deployment) || deployment.taskDefinition !== taskDefinition) return;
    if (live?.revision !== taskDefinition || drift.length > 0) return;
    throw new Error("the promotion would not follow that deployment: `pulumi up --refresh`");
  }

  #definitionOf({ release, pinned }: Wanted): string {
    if (!pinned) return this.#definition?.arn ?? "";
    const records = this.memory.history.filter(({ verdict }) => verdict === "live");
    const record = records.find((one) => one.release === release);
    if (!record) throw new Error(`no record says that ${release} was ever live`);
    return record.revision;
  }

  #check(inputs: PromotionInputs, { promotions }: Pick<StackDeps, "promotions">): Properties {
    const news: Properties = JSON.parse(JSON.stringify(inputs));
    const checked = promotions.check(news);
    if (checked.failing.length === 0) return checked.inputs;
    throw new Error(`the inputs are refused: ${JSON.stringify(checked.failing)}`);
  }

  #differences(inputs: Properties, { promotions }: Pick<StackDeps, "promotions">): string[] {
    if (!this.#promotion) return ["the promotion"];
    const { inputs: olds, outputs, failed } = this.#promotion;
    const { changes } = promotions.diff(olds, outputs, inputs);
    const paths = [...changes.keys()].map((path) => `the promotion's ${path}`);
    return paths.length === 0 && failed ? ["the promotion"] : paths;
  }

  async #promote(inputs: Properties, { promotions, operation }: StackDeps): Promise<void> {
    const old = this.#promotion;
    try {
      const outputs = old
        ? await promotions.update(old.inputs, old.outputs, inputs, operation)
        : await promotions.create(inputs, operation);
      this.#promotion = { inputs, outputs, failed: false };
    } catch (error) {
      if (error instanceof PartlyDone) {
        this.#promotion = { inputs, outputs: error.properties, failed: true };
      }
      throw new Error(messageOf(error), { cause: error });
    }
  }
}
