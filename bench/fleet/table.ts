import Table from "cli-table3";
import { type Goal, isMet } from "./goals";

/** For a terminal. */
export function formatGoals(goals: readonly Goal[]): string {
  const table = new Table({
    head: ["figure", "measured", "goal", "how the goal comes about", ""],
    style: { head: [], border: [] },
  });
  table.push(...goals.map((goal) => [goal.what, goal.measured, goal.limit, goal.rule, isMet(goal) ? "✓" : "✗"]));
  return table.toString();
}
