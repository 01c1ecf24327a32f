import type { Alarms } from "../../../provider/alarms.ts";

/** Alarms that exist, and never fire. */
export function quietAlarms(alarms: Alarms): Alarms {
  return {
    read: async (names, signal) => {
      const states = await alarms.read(names, signal);
      return states.map((alarm) => (alarm.state === "ALARM" ? { ...alarm, state: "OK" } : alarm));
    },
  };
}
