import type { enText } from "./en_text";

/** 文本标签页。 */
export const zhText: Record<keyof typeof enText, string> = {
  textLabel: "文档的文本。先按 Esc 再按 Tab 即可离开。",
  textLoading: "正在加载编辑器。",
  textSyntax: "书写格式",
  textStale: "图中显示的是上一次正确的文本。",
  lineNote: "{shape} · {count} 参数",
  copyAs: "复制为",
  copyCurl: "curl",
  copyPython: "Python",
  copied: "已复制",
  fileTooLarge: "{name} 太大，文档最多 {limit} 个字符。",
};
