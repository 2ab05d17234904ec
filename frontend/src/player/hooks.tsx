// React's access to this device as a speaker.
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { useActions, useRights, useRoom, useView } from "../room/hooks";
import { upcoming } from "../room/order";
import { SpeakerControl, type SpeakerView } from "./control";

const SpeakerContext = createContext<SpeakerControl | null>(null);

/** Inside a RoomProvider. What sounds ends with the page. */
export function SpeakerProvider({ children }: { children: ReactNode }) {
  const room = useRoom();
  const [control] = useState(() => new SpeakerControl(room));
  useEffect(() => () => control.turnOff(), [control]);
  return <SpeakerContext value={control}>{children}</SpeakerContext>;
}

export function useSpeakerControl(): SpeakerControl {
  const control = useContext(SpeakerContext);
  if (control === null) throw new Error("useSpeakerControl needs a SpeakerProvider above it");
  return control;
}

export function useSpeaker<T>(select: (view: SpeakerView) => T): T {
  return useStore(useSpeakerControl().store, useShallow(select));
}

/** What *Play sound here* does: it also starts a stopped room with songs waiting, where this person may. */
export function usePlayHere(): () => void {
  const control = useSpeakerControl();
  const room = useRoom();
  const { play } = useActions();
  const { playback: mayControl } = useRights();
  return () => {
    void control.turnOn();
    const { state } = room.store.getState();
    if (!mayControl || state?.playback.state !== "stopped") return;
    if (upcoming(state.items.values(), state.playlist).length > 0) play();
  };
}

/** Where the room sounds, as far as this page knows. */
export function useSounding(): { isPlaying: boolean; names: readonly string[]; isHere: boolean } {
  const [isPlaying, speakers] = useView((view) => [view.state?.playback.state === "playing", view.speakers] as const);
  const isHere = useSpeaker((view) => view.state !== "off");
  return { isPlaying, names: speakers.map(({ name }) => name), isHere };
}
