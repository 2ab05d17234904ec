// The server has ended this page's connection for good. A reload shows whether there is a way back.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { roomNow } from "../boot";
import type { EndReason } from "../room/connection";
import { useView } from "../room/hooks";
import { Message, Missing } from "./Message";

export function Ended({ reason }: { reason: EndReason }) {
  const { t } = useTranslation();
  const unanswered = useView((view) => view.unanswered);
  const unsent = unanswered > 0 && <p>{t("join.unsent", { count: unanswered })}</p>;
  if (reason === "missing") return <Missing>{unsent}</Missing>;
  if (reason === "removed") return <Removed>{unsent}</Removed>;
  return (
    <Message title={t("join.unknown")} hint={t("join.nameHint")}>
      {unsent}
      <JoinAgain />
    </Message>
  );
}

const ASK_MS = 3_000;

/** Offers a way back only while there is one: the hosts may let somebody in again. */
function Removed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { data: room } = useQuery({ queryKey: ["room now"], queryFn: ({ signal }) => roomNow(signal), refetchInterval: ASK_MS, staleTime: 0 });
  const isBanned = room?.entry === "banned";
  return (
    <Message title={t("join.removed")} hint={isBanned ? t("join.banned") : t("join.removedHint")}>
      {children}
      {room && !isBanned && <JoinAgain />}
    </Message>
  );
}

function JoinAgain() {
  const { t } = useTranslation();
  return (
    <button type="button" className="button primary" onClick={() => location.reload()}>
      {t("join.again")}
    </button>
  );
}
