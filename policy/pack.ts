import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

new PolicyPack("symphainy", { policies: rules, enforcementLevel: "mandatory" });
