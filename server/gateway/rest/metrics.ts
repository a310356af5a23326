/** `GET /metrics` for Prometheus, on this computer only; `GET /api/metrics/history` for everybody. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { METRICS_SECONDS_MAX } from '../../../protocol/metrics.ts';
import { ownProcess } from '../../telemetry/own-process.ts';
import type { Guard } from '../pairing/guard.ts';
import { prometheusText } from '../prometheus.ts';
import type { Room } from '../room.ts';
import { History, HistoryQuery } from './answers.ts';
import { about } from './describe.ts';
import { Query } from './query.ts';
import { json, refuse } from './respond.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

export const metricsRoutes = (room: Room, guard: Guard) =>
  new Elysia()
    .get(
      '/metrics',
      ({ request, server }) => {
        if (!guard.visitor({ request, server }).loopback) {
          return refuse(ERRORS.ERR_LOOPBACK_ONLY.code);
        }
        const headers = { 'cache-control': 'no-store', 'content-type': TEXT };
        return new Response(prometheusText(room, ownProcess), { headers });
      },
      about({
        id: 'getMetrics',
        says: 'Figures of this moment for Prometheus; on this computer only.',
        answer: 'text/plain',
      }),
    )
    .get(
      '/api/metrics/history',
      ({ request }) => {
        const seconds = new Query(request.url, ['seconds']).integer('seconds', {
          min: 1,
          max: METRICS_SECONDS_MAX,
          otherwise: METRICS_SECONDS_MAX,
        });
        const { intervalMs, newestMs, series } = room.metrics.history(seconds);
        return json({ intervalMs, newestMs, series });
      },
      about({
        id: 'getMetricsHistory',
        says: 'The last ten minutes, second by second.',
        query: HistoryQuery,
        answer: History,
      }),
    );
