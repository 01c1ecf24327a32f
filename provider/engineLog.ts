import grpc from "@grpc/grpc-js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

/** Sends messages to the engine that uses this provider now; without an engine they go nowhere. */
export class EngineLog {
  #address = "";
  #client: engineRpc.EngineClient | undefined;

  /** @param address - host and port of the engine. */
  connect(address: string): void {
    if (address === this.#address || address === "") return;
    this.close();
    this.#address = address;
    this.#client = new engineRpc.EngineClient(address, grpc.credentials.createInsecure());
  }

  /**
   * Tells the user something about one resource. It replaces what was told last, where there is a live display, and is
   * left out where there is none.
   */
  progress(urn: string, message: string): void {
    this.#tell(urn, message, true);
  }

  /** Tells the user something about one resource, in a line that stays in the output. */
  announce(urn: string, message: string): void {
    this.#tell(urn, message, false);
  }

  #tell(urn: string, message: string, ephemeral: boolean): void {
    const request = new engineMessages.LogRequest();
    request.setSeverity(engineMessages.LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A message that does not arrive must not fail a promotion.
    this.#client?.log(request, () => undefined);
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#address = "";
  }
}
