/**
 * Language models: architectures, tokenizers, generation, training steps and model directories.
 *
 * <p>The only package that touches DJL. Nothing outside sees a tensor: it takes and gives plain
 * Java arrays and byte buffers. Numeric code is TorchScript in {@code src/main/resources/program}.
 *
 * <h2>Model directories from strangers</h2>
 *
 * <p>Whatever is in a directory, opening it gives a model or a {@link
 * org.elasticreset.model.files.ModelFormatException} that names file, key, value and expectation.
 *
 * <table>
 *   <caption>What is bounded</caption>
 *   <tr><td>files</td><td>inside the directory, or the blobs of its Hugging Face cache</td></tr>
 *   <tr><td>{@code config.json} and the like</td><td>4 MiB, 250 thousand JSON tokens</td></tr>
 *   <tr><td>{@code tokenizer.json}</td><td>16 MiB, a million JSON tokens; BPE or WordPiece</td></tr>
 *   <tr><td>header of a safetensors file</td><td>100 MB, 500 thousand JSON tokens</td></tr>
 *   <tr><td>a tensor</td><td>what its file has; 2⁶³ bytes as float32</td></tr>
 *   <tr><td>{@code model.safetensors.index.json}</td><td>4 MiB, 250 thousand JSON tokens, a thousand
 *       shards, each in the directory and with exactly the tensors that the index says</td></tr>
 *   <tr><td>any JSON</td><td>depth 32, names of 10 thousand characters, texts of a million,
 *       numbers of 100 digits, no key twice</td></tr>
 *   <tr><td>sizes of a model</td><td>1,000 layers, width 2²⁰, 2²⁴ tokens and positions; and all
 *       tensors are in the file, finite, before a model is used</td></tr>
 * </table>
 *
 * <p>The values themselves are not bounded: a file of honest size gets the memory that it has.
 */
@NullMarked
package org.elasticreset.model;

import org.jspecify.annotations.NullMarked;
