import { complaintOf } from "../page/complaint";
import type { Notice, State } from "../page/state";
import { fileName } from "../text/files";
import type { Api } from "../wire/api";
import type { Document } from "../wire/plan";

/** What the service writes a run as. */
export type Format = "pytorch" | "onnx" | "safetensors" | "csv" | "parquet" | "bundle";

const ENDINGS: Readonly<Record<Format, string>> = {
  pytorch: "py",
  onnx: "onnx",
  safetensors: "safetensors",
  csv: "csv",
  parquet: "parquet",
  bundle: "zip",
};

type Shown = Pick<State, "run" | "document" | "title">;

/** What there is to take away: of a draft its script, of a run that has begun all. */
export function formatsOf({ run }: Pick<State, "run">): readonly Format[] {
  if (!run) return ["pytorch"];
  if (run.step === 0) return ["pytorch", "bundle"];
  return ["pytorch", "onnx", "safetensors", "csv", "parquet", "bundle"];
}

/** Takes a draft or a run away, as text for the clipboard or as a file. */
export class Exports {
  constructor(
    private readonly api: Pick<Api, "script" | "file">,
    private readonly save: (name: string, file: Blob) => void,
    private readonly complain: (notice: Notice) => void,
  ) {}

  /** A document as a PyTorch script; null after saying why there is none. */
  async script(document: Document): Promise<string | null> {
    return this.guard(() => this.api.script(document));
  }

  /** Saves what is on show as a file. The service's name for it tells the step of weights. */
  async take(format: Format, { run, document, title }: Shown): Promise<void> {
    const file = await this.guard(async () =>
      run
        ? this.api.file(run.id, format)
        : { name: null, body: new Blob([await this.api.script(document)]) },
    );
    if (file) this.save(file.name ?? fileName(title, ENDINGS[format]), file.body);
  }

  private async guard<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (reason) {
      const { problems, text, request } = complaintOf(reason);
      const said = problems
        .map(({ text, message, hint }) => [text ?? message, hint].filter(Boolean).join(" "))
        .join(" ");
      this.complain({ text: said || text, request });
      return null;
    }
  }
}
