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
const ASK_AT_MOST_MS = 60_000;
/** So many looks go out at that pace: a removal by mistake is undone at once. */
const ASKED_SOON = 10;

/** The wait before the next look for a way back, after so many. */
const askIn = (asked: number) => Math.min(ASK_AT_MOST_MS, ASK_MS * 2 ** Math.max(0, asked - ASKED_SOON));

/**
 * Offers a way back only while there is one: the hosts may let somebody in again. A page in the background does not ask,
 * and one that is looked at again does at once.
 */
function Removed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { data: room } = useQuery({
    queryKey: ["room now"],
    queryFn: ({ signal }) => roomNow(signal),
    refetchInterval: ({ state }) => askIn(state.dataUpdateCount + state.errorUpdateCount),
    refetchOnWindowFocus: "always",
    staleTime: 0,
  });
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
