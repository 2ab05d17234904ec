// Becoming host by the host link: at once for whoever the server knows, after a name for everybody else.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { boot, type BootRoom } from "../boot";
import { Named } from "../components/Named";
import { rest } from "../protocol/rest";
import { NameForm } from "./NameForm";
import { rememberName } from "./names";
import { Secret } from "./Secret";

interface ClaimProps {
  room: BootRoom;
  secret: string;
  onDone: (isHost: boolean) => void;
}

export function Claim({ room, secret, onDone }: ClaimProps) {
  const { t } = useTranslation();
  const [isNamed, setNamed] = useState(boot.user !== null);
  // Not by joining: the room may be locked, and the host is nobody that it knows.
  const name = async (given: string) => {
    const { user } = await rest.becomeGuest(given);
    rememberName(user.name);
    boot.user = { ...user, username: null };
    setNamed(true);
  };
  if (!isNamed)
    return (
      <NameForm
        title={<Named name={room.name} text={(name) => t("roles.claimTitle", { room: name })} />}
        hint={t("roles.claimHint")}
        action={t("roles.claim")}
        onName={name}
      />
    );
  const claim = async () => {
    await rest.claim(room.slug, secret);
  };
  return <Secret refusedTitle={t("roles.noClaim")} spend={claim} onDone={onDone} />;
}
