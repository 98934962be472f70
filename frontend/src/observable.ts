export type Unsubscribe = () => void;

/** A value that others may follow; it speaks Svelte's store contract without Svelte. */
export class Observable<T> {
  private readonly followers = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const follower of [...this.followers]) follower(value);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.current));
  }

  subscribe(follower: (value: T) => void): Unsubscribe {
    this.followers.add(follower);
    follower(this.current);
    return () => this.followers.delete(follower);
  }
}
