// A number of votes in words. Below zero it has a minus sign, and in English always a plural.
import type { TFunction } from "i18next";

export const signed = (votes: number) => String(votes).replace("-", "−");

export const sayVotes = (t: TFunction, votes: number) => t(votes < 0 ? "queue.votesBelow" : "queue.votes", { count: votes }).replace("-", "−");
