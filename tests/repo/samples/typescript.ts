import type { Router } from '../router';
import axios from 'axios';

/** What a caller may pass. */
export interface Options extends BaseOptions {
  retries: number;
  onError(error: Error): void;
}

export type Handler<T> = (input: T) => Promise<Result>;

export enum Level {
  Low = 1,
  High,
}

export const DEFAULT_LEVEL = Level.Low;

namespace Internal {
  export function assertNever(value: never): void {}
}

@Injectable()
export class Client<T> extends Emitter implements Closeable {
  private readonly options: Options;

  constructor(options: Options) {
    super();
    this.options = new Normalizer(options).run();
  }

  // Sends one call.
  async call(path: string, input: T[]): Promise<Response> {
    return axios.post(path, serialize(input));
  }
}

export const createClient = <T>(options: Options): Client<T> => {
  return new Client<T>(options);
};

declare function measure(name: string): number;
