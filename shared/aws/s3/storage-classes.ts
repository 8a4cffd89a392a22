/** What copies may be kept in. https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html */
export const STORAGE_CLASSES = ['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as const;
export type StorageClass = (typeof STORAGE_CLASSES)[number];
