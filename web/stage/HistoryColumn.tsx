/** The history as a column of the page. */
import { HistoryList } from './HistoryList.tsx';

export const HistoryColumn = () => <HistoryList />;
