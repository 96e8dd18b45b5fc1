package image

import "sync"

// progress counts what is read and tells it, a megabyte at a time.
type progress struct {
	lock   sync.Mutex
	tell   func(Progress)
	now    Progress
	told   int64
	marked int64 // bytes of the layers that are done
}

const tellEvery = 1 << 20

func newProgress(tell func(Progress), opened *Opened) *progress {
	p := &progress{tell: tell}
	if opened == nil {
		return p // of a folder it is not known how much there is
	}
	p.now.Layers = len(opened.Layers)
	for _, l := range opened.Layers {
		p.now.Total += l.Size
	}
	return p
}

// add counts bytes of a layer that is being read.
func (p *progress) add(bytes int64) {
	if p.tell == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.now.Bytes += bytes
	if p.now.Bytes-p.told >= tellEvery {
		p.told = p.now.Bytes
		p.tell(p.now)
	}
}

// done counts a layer, read or remembered.
func (p *progress) done(size int64) {
	if p.tell == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.now.Done++
	p.marked += size
	p.now.Bytes = max(p.now.Bytes, p.marked)
	p.tell(p.now)
}
