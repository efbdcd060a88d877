/** Files whose name alone says that they hold no source text. */

const EXTENSIONS: ReadonlySet<string> = new Set(
  [
    // images and design
    'png jpg jpeg gif webp avif bmp ico icns tif tiff heic psd ai eps raw',
    // fonts
    'woff woff2 ttf otf eot',
    // sound and film
    'mp3 mp4 m4a m4v mov avi mkv webm wav flac ogg oga ogv opus aac wmv',
    // archives and packages
    'zip gz tgz bz2 xz zst br 7z rar tar jar war ear whl egg nupkg deb rpm apk aab ipa dmg iso cab msi',
    // compiled
    'exe dll so dylib a o obj lib class pyc pyo pyd wasm node beam pdb',
    // data and documents
    'pdf doc docx xls xlsx ppt pptx odt ods odp sqlite sqlite3 parquet avro npy npz pkl h5 onnx pt pth tflite safetensors bin dat',
  ]
    .join(' ')
    .split(' '),
);

/** Whether the extension of `name` is one of images, fonts, media, archives, compiled code or binary data. */
export function hasBinaryExtension(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && EXTENSIONS.has(name.slice(dot + 1).toLowerCase());
}
