// The server has ended this page's connection for good. A reload shows whether there is a way back.
import { useTranslation } from "react-i18next";
import type { EndReason } from "../room/connection";
import { useView } from "../room/hooks";
import { Message, Missing } from "./Message";

export function Ended({ reason }: { reason: EndReason }) {
  const { t } = useTranslation();
  const unanswered = useView((view) => view.unanswered);
  const unsent = unanswered > 0 && <p>{t("join.unsent", { count: unanswered })}</p>;
  if (reason === "missing") return <Missing>{unsent}</Missing>;
  const isRemoved = reason === "removed";
  return (
    <Message title={isRemoved ? t("join.removed") : t("join.unknown")} hint={isRemoved ? t("join.removedHint") : t("join.nameHint")}>
      {unsent}
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {t("join.again")}
      </button>
    </Message>
  );
}
