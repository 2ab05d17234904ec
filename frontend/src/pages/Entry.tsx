// The way into a room: one field on the first visit, none later. By the host link it is the way back to being host.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BootRoom } from "../boot";
import { Named } from "../components/Named";
import { rest } from "../protocol/rest";
import { Claim } from "./Claim";
import { secretIn } from "./fragment";
import { Message } from "./Message";
import { NameForm } from "./NameForm";
import { rememberName } from "./names";
import { RoomPage } from "./RoomPage";

export default function Entry({ room }: { room: BootRoom }) {
  const { t } = useTranslation();
  const [isIn, setIn] = useState(room.entry === "open");
  const [secret, setSecret] = useState(() => secretIn("host"));
  if (room.entry === "banned") return <Message title={t("join.removed")} hint={t("join.banned")} />;
  if (secret !== null)
    return (
      <Claim
        room={room}
        secret={secret}
        onDone={(isHost) => {
          setSecret(null);
          setIn(isIn || isHost);
        }}
      />
    );
  return isIn ? <RoomPage room={room} /> : <JoinForm room={room} onJoined={() => setIn(true)} />;
}

export function JoinForm({ room, onJoined }: { room: BootRoom; onJoined: () => void }) {
  const { t } = useTranslation();
  const join = async (name: string) => {
    const { participant } = await rest.join(room.slug, name);
    rememberName(participant.name);
    onJoined();
  };
  return (
    <NameForm
      title={<Named name={room.name} text={(name) => t("join.title", { room: name })} />}
      hint={room.locked ? t("join.locked") : t("join.nameHint")}
      action={t("join.join")}
      onName={join}
    />
  );
}
