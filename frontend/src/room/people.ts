// The people in a room, as presence and the log tell of them: pure functions from view to view.
import type { Participant, ServerFrame, You } from "../protocol/types";
import type { View } from "./view";

type Told = Pick<View, "online" | "people" | "speakers" | "you">;

/** Who is here by now. It names this person's role, too, for a page that missed the event of a new one. */
export function presenceTold(frame: Extract<ServerFrame, { type: "presence" }>): (view: View) => Told {
  const { online, participants: people, speakers } = frame;
  return ({ you }) => ({ online, people, speakers, you: withRole(you, people) });
}

/** Somebody has another role than before. */
export function roleChanged({ id, role }: Participant): (view: View) => Pick<View, "people" | "roleChanges" | "you"> {
  return ({ you, people, roleChanges }) => ({
    roleChanges: roleChanges + 1,
    you: withRole(you, [{ id, role }]),
    people: people.map((person) => (person.id === id ? { ...person, role } : person)),
  });
}

/** This person with the role that they have among these people, if they are one of them. */
function withRole(you: You | null, people: readonly Pick<Participant, "id" | "role">[]): You | null {
  const me = people.find((person) => person.id === you?.id);
  return you && me && me.role !== you.role ? { ...you, role: me.role } : you;
}
