// ledger.go DIR [PROOF.json...] - holds a ledger's checkpoint, tiles and proofs against Go's own implementation of such logs
// (golang.org/x/mod/sumdb, which sum.golang.org runs on; C2SP's formats come from it). Prints what it has seen.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func try(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	try(err)
	return data
}

// tiles reads the files: Go's paths have the height behind "tile/".
type tiles struct{ dir string }

func (t tiles) Height() int                          { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range list {
		bytes, err := os.ReadFile(filepath.Join(t.dir, "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func head(verifier note.Verifier, signed string) tlog.Tree {
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	try(err)
	lines := strings.Split(n.Text, "\n")
	var tree tlog.Tree
	_, err = fmt.Sscanf(lines[1], "%d", &tree.N)
	try(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	try(err)
	if lines[0] != verifier.Name() {
		try(fmt.Errorf("another log: %q", lines[0]))
	}
	return tree
}

type proof struct {
	Kind, Entry, Checkpoint string
	Index, Old, Size        int64
	OldRoot                 string `json:"old_root"`
	Root                    string
	Proof                   []string
}

func hash(text string) tlog.Hash {
	h, err := tlog.ParseHash(text)
	try(err)
	return h
}

func checkProof(verifier note.Verifier, file string) {
	var p proof
	data, err := os.ReadFile(file)
	try(err)
	try(json.Unmarshal(data, &p))
	var hashes []tlog.Hash
	for _, text := range p.Proof {
		hashes = append(hashes, hash(text))
	}
	if p.Kind == "kicau-ledger-inclusion/1" {
		entry, err := base64.StdEncoding.DecodeString(p.Entry)
		try(err)
		tree := head(verifier, p.Checkpoint)
		try(tlog.CheckRecord(hashes, tree.N, tree.Hash, p.Index, tlog.RecordHash(entry)))
		fmt.Println("included", p.Index, "of", tree.N)
	} else {
		try(tlog.CheckTree(hashes, p.Size, hash(p.Root), p.Old, hash(p.OldRoot)))
		fmt.Println("consistent", p.Old, p.Size)
	}
}

func main() {
	dir := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(dir, "key.public"))))
	try(err)
	tree := head(verifier, string(read(dir, "checkpoint")))
	hashes := tlog.TileHashReader(tree, tiles{dir})
	for i := int64(0); i < tree.N; i += 1 + i/9 {
		p, err := tlog.ProveRecord(tree.N, i, hashes)
		try(err)
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		try(err)
		try(tlog.CheckRecord(p, tree.N, tree.Hash, i, leaf[0]))
	}
	fmt.Println("tree", tree.N)
	for _, file := range os.Args[2:] {
		checkProof(verifier, file)
	}
}
